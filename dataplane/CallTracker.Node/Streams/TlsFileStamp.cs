namespace CallTracker.Node.Streams;

/// <summary>What tells files that have changed: their times and lengths. A plain value.</summary>
internal readonly record struct TlsFileStamp(DateTime Certificate, DateTime Key, DateTime Ca, long Bytes)
{
    public static TlsFileStamp Of(TlsSettings settings)
    {
        var (certificate, certificateBytes) = Look(settings.CertificatePath);
        var (key, keyBytes) = Look(settings.KeyPath);
        var (ca, caBytes) = Look(settings.CaPath);
        return new TlsFileStamp(certificate, key, ca, certificateBytes + keyBytes + caBytes);
    }

    // Whoever renews a file may take it away between two looks, or lock us out of its folder: it is looked at once, and
    // what cannot be seen is not there. The one who asks is a timer, whose exceptions would end the process.
    private static (DateTime ChangedUtc, long Bytes) Look(string? path)
    {
        if (path is null) return default;
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
