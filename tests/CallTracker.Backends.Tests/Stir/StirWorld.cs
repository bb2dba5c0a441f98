using System.Security.Cryptography;
using System.Text;
using CallTracker.Backends.Stir;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.TestKit.Stir;
using Shouldly;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>
/// The real service with a test authority and a web server of its own. The usual call comes from 0311112222 to
/// 0120000001 and is signed by a carrier whose certificate is at <see cref="Url"/>.
/// </summary>
internal sealed class StirWorld : IStirOutlet, IAsyncDisposable
{
    public const string Orig = "81311112222";
    public const string Dest = "81120000001";
    private readonly TempFolder _folder = new();
    private readonly StirService _service;
    private readonly TaskCompletionSource<StirJob>[] _answers =
        [.. Enumerable.Range(0, 64).Select(_ => new TaskCompletionSource<StirJob>())];
    private int _answered;

    public StirWorld()
    {
        Authority = new StirAuthority(DateTimeOffset.FromUnixTimeMilliseconds(Clock.UnixMs));
        File.WriteAllText(Path.Combine(_folder.Path, "root.pem"), Authority.RootPem);
        Url = Web.Serve("carrier.pem", Authority.Issue(Key, StirAuthority.Carrier("1234")));
        var keyFile = Path.Combine(_folder.Path, "key.pem.txt");
        File.WriteAllText(keyFile, Key.ExportPkcs8PrivateKeyPem());
        _service = new StirService(
            new StirOptions
            {
                AnchorFolder = _folder.Path,
                KeyFile = keyFile,
                CertificateUrl = new Uri(Url),
                AllowsLoopback = true,
                FetchMsMax = 400,
                CertificatesMax = 8,
                ReplaysMax = 16,
            },
            this, Clock);
    }

    public FakeClock Clock { get; } = new();
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public StirAuthority Authority { get; }
    public CertificateServer Web { get; } = new();
    public string Url { get; }
    public StirService Service => _service;

    /// <summary>Now in Unix seconds.</summary>
    public long Iat => Clock.UnixMs / 1000;

    public string Shaken(string attest = "A", string orig = Orig, string dest = Dest, long ageSec = 0) =>
        Signed("shaken", StirAuthority.Shaken(orig, dest, Iat - ageSec, attest));

    public string Signed(string extension, string payload, string? url = null) =>
        StirAuthority.Identity(Key, extension, url ?? Url, payload);

    /// <summary>Puts a call with these Identity fields to the service and waits for its verdict.</summary>
    public async Task<StirVerdict> VerifyAsync(params string[] identities) =>
        (await RunAsync(Job(StirJobKind.Verify, identities))).Verdict;

    /// <summary>The usual call as the worker describes it.</summary>
    public StirJob Job(
        StirJobKind kind, string[] identities, string date = "", string callId = "call-1", string called = "0120000001",
        string to = "0120000001", string caller = "0311112222")
    {
        var job = new StirJob();
        job.Begin(kind, 0, Clock.UnixMs);
        (job.Caller, job.Called, job.To) = (Number(caller), Number(called), Number(to));
        if (kind != StirJobKind.Verify) return job;
        foreach (var piece in (string[])[date, callId, .. identities])
            job.TryAdd(Encoding.ASCII.GetBytes(piece)).ShouldBeTrue();
        return job;
    }

    public async Task<StirJob> RunAsync(StirJob job)
    {
        var at = Volatile.Read(ref _answered);
        _service.TryPost(job).ShouldBeTrue();
        return await _answers[at].Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public bool OnStirDone(StirJob job) => _answers[Interlocked.Increment(ref _answered) - 1].TrySetResult(job);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await Web.DisposeAsync();
        Authority.Dispose();
        Key.Dispose();
        _folder.Dispose();
    }

    public static PhoneNumber Number(string digits)
    {
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(digits), out var number);
        return number;
    }
}
