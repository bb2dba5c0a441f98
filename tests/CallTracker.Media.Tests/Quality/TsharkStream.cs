namespace CallTracker.Media.Tests.Quality;

/// <summary>One line of <c>tshark -z rtp,streams</c>.</summary>
/// <param name="Packets">All that came, duplicates included.</param>
/// <param name="Lost">Expected less all that came: each duplicate takes back a loss.</param>
/// <param name="DeltaMsMax">The longest time between two packets.</param>
/// <param name="JitterMsMean">Over all packets, the first included, whose jitter is 0.</param>
/// <param name="JitterMsMax">The highest value.</param>
internal sealed record TsharkStream(
    int Packets, int Lost, double DeltaMsMax, double JitterMsMean, double JitterMsMax);
