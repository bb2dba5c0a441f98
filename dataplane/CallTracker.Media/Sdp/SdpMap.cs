namespace CallTracker.Media.Sdp;

/// <summary>What an a=rtpmap line of a stream says.</summary>
/// <param name="Media">Which stream.</param>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Channels">1 or more.</param>
/// <param name="ClockRateHz">1 or more.</param>
/// <param name="Name">Encoding name, in the text.</param>
internal readonly record struct SdpMap(byte Media, byte PayloadType, byte Channels, int ClockRateHz, SdpSlice Name);
