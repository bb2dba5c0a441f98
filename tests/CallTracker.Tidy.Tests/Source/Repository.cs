namespace CallTracker.Tidy.Tests.Source;

/// <summary>
/// The files that a commit could hold: everything below the root but what <c>.gitignore</c> names. Tests of the checks
/// make small ones in memory.
/// </summary>
internal sealed class Repository
{
    private const int TextLengthMax = 1024 * 1024;
    private readonly Dictionary<string, TextFile> _byPath;

    private Repository(IEnumerable<TextFile> files)
    {
        Files = files.OrderBy(file => file.Path, StringComparer.Ordinal).ToArray();
        _byPath = Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
    }

    public IReadOnlyList<TextFile> Files { get; }
    public IEnumerable<TextFile> CSharpFiles => Files.Where(file => file.IsCSharp && !file.IsCorpus);

    /// <summary>The file at <paramref name="path"/>, or null.</summary>
    public TextFile? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>True when some file lies in the folder <paramref name="path"/>.</summary>
    public bool HasFolder(string path)
        => Files.Any(file => file.Path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>A repository in memory; a path that ends in <c>*</c> is an executable file.</summary>
    public static Repository Of(params (string Path, string Text)[] files)
        => new(files.Select(file => new TextFile(
            file.Path.TrimEnd('*'), file.Text, file.Text.Length, file.Path.EndsWith('*'))));

    /// <summary>Reads the repository that this test was built in.</summary>
    public static Repository Read()
    {
        var root = FindRoot();
        var ignored = new IgnoreRules(File.ReadAllLines(Path.Combine(root, ".gitignore")));
        return new Repository(Walk(root, "", ignored));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CallTracker.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("CallTracker.sln is in no folder above the test's output.");
    }

    private static IEnumerable<TextFile> Walk(string root, string folder, IgnoreRules ignored)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos())
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (ignored.Matches(entry.Name, entry is DirectoryInfo)) continue;
            if (entry is FileInfo file) yield return ReadFile(path, file);
            else if (entry.LinkTarget is null)
                foreach (var below in Walk(root, path, ignored)) yield return below;
        }
    }

    private static TextFile ReadFile(string path, FileInfo file)
    {
        var bytes = file.Length > TextLengthMax ? [] : File.ReadAllBytes(file.FullName);
        var text = Array.IndexOf(bytes, (byte)0) >= 0 ? "" : System.Text.Encoding.UTF8.GetString(bytes);
        return new TextFile(path, text, file.Length, file.UnixFileMode.HasFlag(UnixFileMode.UserExecute));
    }
}
