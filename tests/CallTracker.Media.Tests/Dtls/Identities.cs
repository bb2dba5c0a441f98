using CallTracker.Media.Dtls;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>Certificates of the node, of a peer, and of somebody else, made once.</summary>
internal static class Identities
{
    public static DtlsIdentity Ours { get; } = Make();

    public static DtlsIdentity Theirs { get; } = Make();

    public static DtlsIdentity Strangers { get; } = Make();

    private static DtlsIdentity Make() => DtlsIdentity.TryMake(TimeProvider.System.GetUtcNow())
        ?? throw new InvalidOperationException("OpenSSL 3 is missing.");
}
