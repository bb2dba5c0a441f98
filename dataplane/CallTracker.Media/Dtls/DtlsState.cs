namespace CallTracker.Media.Dtls;

/// <summary>Where a DTLS association is.</summary>
internal enum DtlsState : byte
{
    /// <summary>Nothing was received or sent.</summary>
    Idle,
    Handshaking,
    /// <summary>Keys can be exported.</summary>
    Done,
    Failed,
}
