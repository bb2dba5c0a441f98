namespace CallTracker.Media.Relay;

/// <summary>How much a source is vouched for by signalling; a lower one never disturbs a higher one.</summary>
internal enum SourceRank : byte
{
    None,
    AnyAddress,
    SignallingAddress,
    /// <summary>The address of signalling and the port of the SDP: a NAT that keeps ports.</summary>
    SignallingPort,
    SdpAddress,
    SdpPort,
}
