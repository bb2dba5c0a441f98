using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using CallTracker.Calls.Stir;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Verifies and signs for all workers on a task of its own. What needs a certificate from outside waits beside the
/// queue, so that a slow server holds up only its own callers; how many wait is bounded by the workers' desks.
/// </summary>
public sealed class StirService : IStirService, IAsyncDisposable
{
    private readonly Channel<StirJob> _queue;
    private readonly IStirOutlet _outlet;
    private readonly CertificateFetcher _fetcher;
    private readonly CertificateCache _certificates;
    private readonly StirVerifier _verifier;
    private readonly StirSigner? _signer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    /// <summary>
    /// Throws <see cref="InvalidDataException"/> with one clear line when the settings cannot be used.
    /// </summary>
    public StirService(StirOptions options, IStirOutlet outlet, IClock clock)
    {
        _outlet = outlet;
        _queue = Channel.CreateBounded<StirJob>(
            new BoundedChannelOptions(options.QueueMax)
            {
                SingleReader = true,
                FullMode = BoundedChannelFullMode.Wait,
            });
        var anchors = options.AnchorFolder is null ? TrustAnchors.None : TrustAnchors.Load(options.AnchorFolder);
        _signer = StirSigner.Open(options);
        _fetcher = new CertificateFetcher(options);
        _certificates = new CertificateCache(options, _fetcher, anchors, clock, Counters);
        var replays = new ReplayGuard(options.ReplaysMax, options.FreshSec);
        _verifier = new StirVerifier(options, _certificates, replays, Counters);
        _loop = Task.Run(RunAsync);
    }

    public StirServiceCounters Counters { get; } = new();

    /// <summary>Certificates known now.</summary>
    public int Certificates => _certificates.Count;

    /// <inheritdoc/>
    public bool CanSign => _signer is not null;

    /// <inheritdoc/>
    public bool TryPost(StirJob job)
    {
        if (_queue.Writer.TryWrite(job)) return true;
        Counters.CountRefused();
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _fetcher.Dispose();
        _signer?.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await WarmUpAsync();
        await foreach (var job in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (job.Kind == StirJobKind.Verify) _ = VerifyAsync(job);
            else Sign(job);
        }
    }

    // The first verification would compile the parser, the client and the key's code while a call waits. The address is
    // one the guard refuses, so nothing is asked for.
    private async Task WarmUpAsync()
    {
        var job = new StirJob();
        job.Begin(StirJobKind.Verify, 0, 0);
        _ = job.TryAdd("x"u8) && job.TryAdd("x"u8) && job.TryAdd("e30.e30.AAAA;info=<https://localhost/>"u8);
        _ = PassportSet.TryRead(job, freshSec: 1, out _);
        _ = await _fetcher.TryFetchAsync("https://0.0.0.0/", _stopping.Token);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key.SignData(job.Date, HashAlgorithmName.SHA256);
        _ = key.VerifyData(job.Date, signature, HashAlgorithmName.SHA256);
    }

    // Whatever goes wrong, the job goes back: nobody awaits this task, but a call waits for the job.
    private async Task VerifyAsync(StirJob job)
    {
        job.Verdict = StirVerdict.Because(StirReason.InvalidIdentity);
        try
        {
            job.Verdict = await _verifier.VerifyAsync(job, _stopping.Token);
        }
        finally
        {
            Give(job);
        }
    }

    private void Sign(StirJob job)
    {
        try
        {
            if (_signer?.TrySign(job) is { } value) _ = job.TryAdd(Encoding.ASCII.GetBytes(value));
        }
        catch (CryptographicException)
        {
            // The call goes out unsigned and is counted as such by its worker.
        }
        Give(job);
    }

    private void Give(StirJob job)
    {
        if (_outlet.OnStirDone(job)) return;
        Counters.CountLost();
        job.MarkLost();
    }
}
