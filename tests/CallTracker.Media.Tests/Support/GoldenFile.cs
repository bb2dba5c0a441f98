using System.Text;

namespace CallTracker.Media.Tests.Support;

/// <summary>SDP files beside the tests; on disk with plain line ends, read with those of SDP.</summary>
internal static class GoldenFile
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Sdp", "Golden");

    public static byte[] Read(string name) => Encoding.Latin1.GetBytes(ReadText(name));

    public static string ReadText(string name) =>
        File.ReadAllText(Path.Combine(Folder, name), Encoding.Latin1).ReplaceLineEndings("\r\n");

    /// <summary>The names of all inputs.</summary>
    public static IEnumerable<string> Inputs() =>
        Directory.EnumerateFiles(Folder, "*.in.sdp")
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal);
}
