using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CallTracker.Media.Srtp;

/// <summary>
/// Our keys toward one peer: what its SDP from us says. An offer of ours names every suite, each with a key of its own
/// (RFC 4568 section 6.1 wants no key twice); all of them come from one secret, so that a leg keeps 32 bytes. A plain
/// value, all zero for a plain leg.
/// </summary>
public struct SrtpLocal
{
    private const int SecretLength = 32;
    private SecretBytes _secret;

    /// <summary>True when the leg is not secure.</summary>
    public readonly bool IsNone => !_isMade;

    /// <summary>The one suite agreed on; None while all are offered.</summary>
    public SrtpSuite Suite { get; private set; }

    /// <summary>The tag of its line (RFC 4568 section 5.1.3).</summary>
    public int Tag { get; private set; }

    private bool _isMade;
    private uint _serial;

    /// <summary>Makes fresh keys, of all suites.</summary>
    public static SrtpLocal Make()
    {
        var made = new SrtpLocal { _isMade = true };
        RandomNumberGenerator.Fill(made._secret);
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<uint>(ref made._serial)));
        return made;
    }

    /// <summary>Keeps to one suite: the answer to a peer's line, or what the peer chose of ours.</summary>
    public void Choose(SrtpSuite suite, int tag) => (Suite, Tag) = (suite, tag);

    /// <summary>True when our offer held this suite under this tag.</summary>
    public readonly bool Offers(SrtpSuite suite, int tag) =>
        !IsNone && (Suite == SrtpSuite.None ? tag == TagOf(suite) : suite == Suite && tag == Tag);

    /// <summary>The tag of a suite in an offer of all.</summary>
    public static int TagOf(SrtpSuite suite) => (int)suite;

    /// <summary>
    /// Another number for other lines in SDP, so that its version grows; says nothing of the keys.
    /// </summary>
    internal readonly ulong Content => ((ulong)_serial << 32) | ((ulong)Suite << 24) | (uint)Tag;

    /// <summary>What we send with under a suite.</summary>
    public readonly SrtpMaster KeyOf(SrtpSuite suite)
    {
        Span<byte> code = stackalloc byte[HMACSHA512.HashSizeInBytes];
        HMACSHA512.HashData(_secret, [(byte)suite], code);
        var master = SrtpMaster.Of(suite, code[..SrtpSuites.MasterLength(suite)]);
        CryptographicOperations.ZeroMemory(code);
        return master;
    }

    [InlineArray(SecretLength)]
    private struct SecretBytes
    {
        private byte _first;
    }
}
