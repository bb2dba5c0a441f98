namespace CallTracker.Node.Streams;

/// <summary>What tells files that have changed: their times and lengths. A plain value.</summary>
internal readonly record struct TlsFileStamp(DateTime Certificate, DateTime Key, DateTime Ca, long Bytes)
{
    public static TlsFileStamp Of(TlsSettings settings) => new(
        TimeOf(settings.CertificatePath), TimeOf(settings.KeyPath), TimeOf(settings.CaPath),
        LengthOf(settings.CertificatePath) + LengthOf(settings.KeyPath) + LengthOf(settings.CaPath));

    // A file that is not there has the time of 1601, by definition of the framework.
    private static DateTime TimeOf(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);

    private static long LengthOf(string? path) => path is not null && File.Exists(path) ? new FileInfo(path).Length : 0;
}
