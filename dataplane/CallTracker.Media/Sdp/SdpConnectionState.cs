namespace CallTracker.Media.Sdp;

/// <summary>What is known of a c= line.</summary>
internal enum SdpConnectionState : byte
{
    Missing,
    Good,
    Bad,
    HostName,
}
