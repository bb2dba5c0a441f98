using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CallTracker.Core.Time;
using CallTracker.Node.Options;

namespace CallTracker.Node.Streams;

/// <summary>
/// TLS 1.2 and 1.3 of the node, both ways. Looks at its files every few seconds: new ones serve the next handshake and
/// touch no connection; bad ones are told of once and the old ones stay. Any thread.
/// </summary>
internal sealed class StreamTls : IDisposable
{
#pragma warning disable CA5398 // What the machine would choose may include less than 1.2; carriers ask for these two.
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
    private readonly SslProtocols _protocols = Protocols;
    private readonly TlsSettings _settings;
    private readonly IClock _clock;
    private readonly ILogger _logger;
    private readonly Timer? _timer;
    private readonly Lock _reloading = new();
    private TlsMaterial _material;
    private TlsFileStamp _stamp;
    private long _reloads;
    private long _failedReloads;

    /// <summary>Reads the files; throws <see cref="OptionException"/> with one clear line.</summary>
    public StreamTls(TlsSettings settings, IClock clock, ILogger logger)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _stamp = TlsFileStamp.Of(settings);
        _material = TlsMaterial.TryRead(settings, Now, out var reason)
            ?? throw new OptionException($"TLS cannot be used: {reason} (CALLTRACKER_TLS_CERT, _KEY, _CA).");
        if (!settings.Verify) StreamLogMessages.TlsNotVerified(logger);
        if (settings.CertificatePath is not null || settings.CaPath is not null)
            _timer = new Timer(_ => CheckFiles(), null, settings.CheckMs, settings.CheckMs);
    }

    /// <summary>True when the node has a certificate and can take TLS connections.</summary>
    public bool CanAccept => Material.Certificate is not null;

    /// <summary>Seconds until our certificate ends; negative afterwards, 0 without one.</summary>
    public double ExpirySec => CanAccept ? (Material.NotAfter - Now).TotalSeconds : 0;

    /// <summary>Times that new files were taken.</summary>
    public long Reloads => Interlocked.Read(ref _reloads);

    /// <summary>Times that new files were refused.</summary>
    public long FailedReloads => Interlocked.Read(ref _failedReloads);

    private TlsMaterial Material => Volatile.Read(ref _material);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_clock.UnixMs);

    /// <summary>The server's side of a handshake.</summary>
    public async Task<Stream> AcceptAsync(Stream plain, CancellationToken ct)
    {
        var material = Material;
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Certificate,
            EnabledSslProtocols = _protocols,
            AllowRenegotiation = false,
            ClientCertificateRequired = _settings.ClientAuth != TlsClientAuth.Off,
            CertificateChainPolicy = material.Policy.Clone(),
            RemoteCertificateValidationCallback = IsClientGood,
        };
        await stream.AuthenticateAsServerAsync(options, ct);
        return stream;
    }

    /// <summary>The client's side of a handshake.</summary>
    /// <param name="plain">Connected.</param>
    /// <param name="serverName">Name or address that the peer's certificate must be for.</param>
    /// <param name="ct">Bounds the handshake.</param>
    public async Task<Stream> ConnectAsync(Stream plain, string serverName, CancellationToken ct)
    {
        var material = Material;
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = _protocols,
            AllowRenegotiation = false,
            CertificateChainPolicy = material.Policy.Clone(),
            ClientCertificateContext = material.Certificate,
        };
        if (!_settings.Verify) options.RemoteCertificateValidationCallback = IsAnyGood;
        await stream.AuthenticateAsClientAsync(options, ct);
        return stream;
    }

    /// <summary>Looks at the files now; the timer does so every few seconds.</summary>
    public void CheckFiles()
    {
        lock (_reloading)
        {
            var stamp = TlsFileStamp.Of(_settings);
            if (stamp == _stamp) return;
            _stamp = stamp;
            if (TlsMaterial.TryRead(_settings, Now, out var reason) is { } material)
            {
                Volatile.Write(ref _material, material);
                Interlocked.Increment(ref _reloads);
                StreamLogMessages.TlsReloaded(_logger, material.NotAfter);
                return;
            }
            Interlocked.Increment(ref _failedReloads);
            StreamLogMessages.TlsRefused(_logger, reason);
        }
    }

    public void Dispose() => _timer?.Dispose();

    // Only where the operator said so; the log tells of it at start.
    private bool IsAnyGood(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => !_settings.Verify;

    // What a client is called is not compared with anything: its address has named its trunk already.
    private bool IsClientGood(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_settings.ClientAuth == TlsClientAuth.Off) return true;
        if (certificate is null) return _settings.ClientAuth == TlsClientAuth.Request;
        return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
    }
}
