using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Dtls;

/// <summary>
/// One DTLS association (RFC 6347, RFC 5764): datagrams go in, a flight comes out, and at the end there are keys. No
/// socket; repetition goes by OpenSSL's own clock, looked at when <see cref="Repeat"/> is called. Bounded in what it
/// takes. Owns native memory; one thread.
/// </summary>
internal sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>Datagrams taken in all: a handshake has a dozen, the rest is for loss and repetition.</summary>
    public const int DatagramsMax = 200;
    /// <summary>Bytes of one flight of ours; the certificate is small, so this is ample.</summary>
    public const int FlightBytesMax = 8192;
    /// <summary>
    /// The first wait for an answer; it doubles. A second, as RFC 6347 section 4.2.4.1 has it, is long in a call.
    /// </summary>
    public const int RepeatMsFirst = 200;
    private const int RepeatMsMax = 3200;
    private const int ProfileCm80 = 1;
    private const int ProfileCm32 = 2;
    private const int ProfileGcm128 = 7;
    private const int ProfileGcm256 = 8;
    private readonly bool _isServer;
    private readonly DtlsFingerprint _expected;
    private nint _ssl;
    private nint _input;
    private nint _output;
    private int _taken;

    /// <param name="identity">Outlives it.</param>
    /// <param name="isServer">The passive side of RFC 5763; the other one begins.</param>
    /// <param name="expected">Of the peer's certificate, by its SDP.</param>
    public DtlsSession(DtlsIdentity identity, bool isServer, in DtlsFingerprint expected)
    {
        (_isServer, _expected) = (isServer, expected);
        _ssl = LibSsl.New(identity.Context);
        _input = LibSsl.BioNew(LibSsl.BioMemory());
        _output = LibSsl.BioNew(LibSsl.BioMemory());
        if (_ssl == 0 || _input == 0 || _output == 0)
        {
            LibSsl.Free(_ssl);
            _ssl = 0;
            Fail(DtlsResult.Broken);
            return;
        }
        LibSsl.SetBio(_ssl, _input, _output);
        LibSsl.Control(_ssl, LibSsl.SetMtu, DtlsRecords.DatagramBytesMax, 0);
        LibSsl.SetTimer(_ssl, &NextWaitUs);
        if (isServer) LibSsl.SetAccept(_ssl);
        else LibSsl.SetConnect(_ssl);
    }

    ~DtlsSession() => Free();

    public DtlsState State { get; private set; }

    /// <summary>None until it is done or failed.</summary>
    public DtlsResult Result { get; private set; }

    /// <summary>The active side sends its first flight; the passive one waits for the peer's.</summary>
    public void Start()
    {
        if (State != DtlsState.Idle) return;
        State = DtlsState.Handshaking;
        if (!_isServer) Step();
    }

    /// <summary>
    /// Takes a datagram. After the handshake it can only be a repetition, because our last flight was lost: it is
    /// answered by that flight.
    /// </summary>
    public void Take(ReadOnlySpan<byte> datagram)
    {
        if (State == DtlsState.Failed) return;
        Start();
        if (_taken == DatagramsMax)
        {
            if (State == DtlsState.Handshaking) Fail(DtlsResult.Excess);
            return;
        }
        _taken++;
        // What a former one left unread was no record.
        LibSsl.BioControl(_input, LibSsl.BioReset, 0, 0);
        fixed (byte* bytes = datagram) _ = LibSsl.BioWrite(_input, bytes, datagram.Length);
        Step();
    }

    /// <summary>Repeats the last flight if the peer was silent for too long; to be called now and then.</summary>
    public void Repeat()
    {
        if (State != DtlsState.Handshaking) return;
        LibSsl.ClearErrors();
        // It gives up after a dozen times, longer than any call waits.
        if (LibSsl.Control(_ssl, LibSsl.HandleTimeout, 0, 0) < 0) Fail(DtlsResult.Timeout);
    }

    /// <summary>Takes what is to be sent, to be cut by <see cref="DtlsRecords"/>; its length, 0 for nothing.</summary>
    public int TakeFlight(Span<byte> destination)
    {
        if (_ssl == 0) return 0;
        fixed (byte* bytes = destination)
        {
            var length = LibSsl.BioRead(_output, bytes, destination.Length);
            LibSsl.BioControl(_output, LibSsl.BioReset, 0, 0);
            return Math.Max(0, length);
        }
    }

    /// <summary>
    /// The keys of both directions, once it is done (RFC 5764 section 4.2): client's key, server's key, client's salt,
    /// server's salt.
    /// </summary>
    public bool TryExport(out SrtpMaster local, out SrtpMaster remote)
    {
        (local, remote) = (default, default);
        var suite = State == DtlsState.Done ? SuiteOf(LibSsl.SelectedProfile(_ssl)) : SrtpSuite.None;
        if (suite == SrtpSuite.None) return false;
        var (keyLength, saltLength) = (SrtpSuites.KeyLength(suite), SrtpSuites.SaltLength(suite));
        Span<byte> material = stackalloc byte[SrtpSuites.MasterLengthMax * 2];
        material = material[..((keyLength + saltLength) * 2)];
        fixed (byte* output = material, label = "EXTRACTOR-dtls_srtp"u8)
        {
            if (LibSsl.Export(_ssl, output, (nuint)material.Length, label, 19, null, 0, 0) != LibSsl.Ok) return false;
        }
        var client = MasterOf(suite, material[..keyLength], material.Slice(keyLength * 2, saltLength));
        var server = MasterOf(suite, material.Slice(keyLength, keyLength), material[^saltLength..]);
        (local, remote) = _isServer ? (server, client) : (client, server);
        CryptographicOperations.ZeroMemory(material);
        return true;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // OpenSSL knows by itself which message is due; a record that is no good is dropped in it without a word.
    private void Step()
    {
        LibSsl.ClearErrors();
        byte unused;
        var result = State == DtlsState.Done ? LibSsl.Read(_ssl, &unused, 1) : LibSsl.Handshake(_ssl);
        if (State == DtlsState.Done) return;
        if (result == LibSsl.Ok) Finish();
        else if (LibSsl.GetError(_ssl, result) is not (LibSsl.WantRead or LibSsl.WantWrite)) Fail(DtlsResult.Broken);
    }

    private void Finish()
    {
        State = DtlsState.Done;
        var isRight = IsPeerExpected();
        if (!isRight) Fail(DtlsResult.Fingerprint);
        else if (SuiteOf(LibSsl.SelectedProfile(_ssl)) == SrtpSuite.None) Fail(DtlsResult.Profile);
        else Result = DtlsResult.Ok;
    }

    private bool IsPeerExpected()
    {
        var certificate = LibSsl.PeerCertificate(_ssl);
        if (certificate == 0 || _expected.IsNone) return false;
        var hash = _expected.Hash switch
        {
            DtlsHash.Sha384 => LibSsl.Sha384(),
            DtlsHash.Sha512 => LibSsl.Sha512(),
            _ => LibSsl.Sha256(),
        };
        Span<byte> digest = stackalloc byte[64];
        uint length = 0;
        fixed (byte* bytes = digest)
        {
            if (LibSsl.CertificateDigest(certificate, hash, bytes, &length) != LibSsl.Ok) length = 0;
        }
        LibSsl.CertificateFree(certificate);
        return DtlsFingerprint.TryOf(_expected.Hash, digest[..(int)length], out var found) && found == _expected;
    }

    private void Fail(DtlsResult why) => (State, Result) = (DtlsState.Failed, why);

    private static SrtpMaster MasterOf(SrtpSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        Span<byte> both = stackalloc byte[SrtpSuites.MasterLengthMax];
        key.CopyTo(both);
        salt.CopyTo(both[key.Length..]);
        var master = SrtpMaster.Of(suite, both[..(key.Length + salt.Length)]);
        CryptographicOperations.ZeroMemory(both);
        return master;
    }

    // The numbers of RFC 5764 section 4.1.2 and RFC 7714 section 14.2.
    private static SrtpSuite SuiteOf(LibSsl.SrtpProfile* profile) => profile == null ? SrtpSuite.None
        : (int)profile->Id switch
        {
            ProfileCm80 => SrtpSuite.Cm128Sha80,
            ProfileCm32 => SrtpSuite.Cm128Sha32,
            ProfileGcm128 => SrtpSuite.Aead128Gcm,
            ProfileGcm256 => SrtpSuite.Aead256Gcm,
            _ => SrtpSuite.None,
        };

    [UnmanagedCallersOnly]
    private static uint NextWaitUs(nint ssl, uint beforeUs) =>
        beforeUs == 0 ? RepeatMsFirst * 1000 : Math.Min(beforeUs * 2, RepeatMsMax * 1000);

    // The two buffers go with the connection that has them.
    private void Free()
    {
        if (_ssl != 0)
        {
            LibSsl.Free(_ssl);
        }
        else
        {
            _ = LibSsl.BioFree(_input);
            _ = LibSsl.BioFree(_output);
        }
        (_ssl, _input, _output) = (0, 0, 0);
    }
}
