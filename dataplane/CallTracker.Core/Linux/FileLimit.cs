namespace CallTracker.Core.Linux;

/// <summary>The process's limit of open descriptors (RLIMIT_NOFILE). Used once, at start.</summary>
public static unsafe class FileLimit
{
    /// <summary>
    /// Raises the soft limit to at least <paramref name="wanted"/>, as far as the rights go; the limit in force.
    /// </summary>
    public static ulong Raise(ulong wanted)
    {
        var limits = stackalloc ulong[2];
        if (LibC.GetLimit(LibC.ResourceNoFile, limits) != 0) return 1024;
        if (limits[0] >= wanted) return limits[0];
        var (soft, hard) = (limits[0], limits[1]);
        limits[0] = wanted;
        limits[1] = Math.Max(hard, wanted);
        if (LibC.SetLimit(LibC.ResourceNoFile, limits) == 0) return wanted;
        limits[0] = Math.Min(hard, wanted);
        limits[1] = hard;
        return LibC.SetLimit(LibC.ResourceNoFile, limits) == 0 ? limits[0] : soft;
    }
}
