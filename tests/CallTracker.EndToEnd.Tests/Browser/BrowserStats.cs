namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>What a browser measured of its call. Immutable.</summary>
/// <param name="Sent">RTP packets.</param>
/// <param name="Received">RTP packets.</param>
/// <param name="Lost">RTP packets.</param>
/// <param name="Energy">Of what it heard: volume squared, times seconds.</param>
/// <param name="Suite">SRTP profile.</param>
/// <param name="Dtls">State of the handshake.</param>
/// <param name="Reports">1 when the other side reported (RTCP) how it hears the browser.</param>
internal sealed record BrowserStats(
    int Sent, int Received, int Lost, double Energy, string Suite, string Dtls, int Reports);
