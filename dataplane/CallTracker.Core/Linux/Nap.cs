namespace CallTracker.Core.Linux;

/// <summary>A pause of well under a millisecond (nanosleep), for a loop that wants its input in larger helpings.</summary>
public static unsafe class Nap
{
    /// <summary>Sleeps about this long; the kernel adds its timer slack, 50 µs by default.</summary>
    public static void Microseconds(int microseconds)
    {
        // struct timespec { time_t seconds; long nanoseconds; }
        var request = stackalloc long[2];
        request[0] = 0;
        request[1] = microseconds * 1000L;
        _ = LibC.NanoSleep(request, null);
    }
}
