namespace CallTracker.Media.Dtls;

/// <summary>What a peer's SDP says of its handshake and its ICE. A plain value; default without DTLS.</summary>
/// <param name="Fingerprint">Of its certificate.</param>
/// <param name="Setup">Who begins.</param>
/// <param name="HasIce">It will send connectivity checks; false for a lite peer too, which sends none.</param>
/// <param name="IceHash">Of its username fragment (<see cref="Ice.IceLite.HashOf"/>); another one is an ICE
/// restart.</param>
public readonly record struct DtlsRemote(DtlsFingerprint Fingerprint, DtlsSetup Setup, bool HasIce, ulong IceHash)
{
    public bool IsNone => Fingerprint.IsNone;
}
