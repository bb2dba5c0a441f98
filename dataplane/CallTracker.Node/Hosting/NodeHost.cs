using CallTracker.Backends.Dns;
using CallTracker.Backends.Journal;
using CallTracker.Backends.Metrics;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Routes;
using CallTracker.Backends.Shipping;
using CallTracker.Backends.Stir;
using CallTracker.Calls.Access;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Linux;
using CallTracker.Core.Time;
using CallTracker.Media.Codecs;
using CallTracker.Media.Dtls;
using CallTracker.Media.FastPath;
using CallTracker.Media.Playback;
using CallTracker.Node.Metrics;
using CallTracker.Node.Options;
using CallTracker.Node.Prompts;
using CallTracker.Node.Registration;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>
/// The node as a whole: brings the parts up in the order of their needs, runs until told to stop, drains, and takes
/// them down
/// in reverse. Workers come last and go first, so that nothing a call needs is ever missing.
/// </summary>
internal sealed class NodeHost(NodeOptions options, ILogger logger) : IAsyncDisposable
{
    private const int ShipMsMax = 10_000;
    private const int UnregisterMsMax = 1_000;
    private readonly SystemClock _clock = new();
    private readonly NodeAccess _access = options.ToAccess();
    private readonly CallSpread _spread = new(options.Workers, options.GathersCalls);
    private readonly WorkerPriority _priority = new(options, logger);
    private readonly List<Thread> _threads = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    private Worker[] _workers = [];
    private RedisConnection? _redis;
    private RouteFeed? _routes;
    private TrunkSecretCipher? _secrets;
    private JournalSet? _journals;
    private CallRecordShipper? _shipper;
    private ClickHouseClient? _clickHouse;
    private StirService? _stir;
    private StreamHub? _streams;
    private NodeTrace? _trace;
    private NodeRecording? _recording;
    private FastPathProgram? _fastPath;
    private readonly QualityMetrics _quality = new();
    private NodeMetrics? _metrics;
    private StirMetrics? _stirMetrics;
    private readonly PromptStore _prompts = new(bytesMax: options.PromptBytesMax);
    private PromptFolder? _promptFolder;
    private PlayerMetrics? _playerMetrics;
    private BindingKeeper? _bindings;
    private BackendMetrics? _backendMetrics;
    private Task _schema = Task.CompletedTask;
    private volatile bool _isDraining;
    private volatile bool _hasFailed;
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDraining => _isDraining;

    /// <summary>True when a worker died; the process ends with an error then.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Ends when a worker has failed.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Calls up now, over all workers (as of their last turn).</summary>
    public int ActiveCalls => _workers.Sum(w => w.Engine.ActiveCalls);

    public bool IsRedisReady => _redis?.IsConnected == true;

    public bool AreRoutesLoaded => _routes?.IsReady == true;

    public bool IsJournalWritable => _journals?.AreAllWritable == true;

    public bool IsSchemaApplied { get; private set; }

    /// <summary>
    /// The media of a call in progress; null when this node has no such call, or its worker does not answer in time.
    /// </summary>
    public Task<RunningMedia?> ReadMediaAsync(string trnId, CancellationToken ct) =>
        MediaQuery.AskAsync(_workers, trnId, ct);

    /// <summary>Answered calls in progress, at most so many; those that are heard worst come first.</summary>
    public Task<List<RunningMedia>> ListMediaAsync(int limit, CancellationToken ct) =>
        MediaQuery.ListAsync(_workers, limit, ct);

    private string CallerKeyPath => Path.Combine(options.RunDirectory, "caller.key");

    public async Task StartAsync()
    {
        RaiseDescriptorLimit();
        Directory.CreateDirectory(options.RunDirectory);
        var log = new BackendLog(logger);
        var mailboxes = Enumerable.Range(0, options.Workers).Select(_ => new Mailbox()).ToArray();
        _redis = await RedisConnection.ConnectAsync(RedisOptionsOf(options.Redis), log);
        _clickHouse = new ClickHouseClient(_http, new ClickHouseOptions { Address = options.ClickHouse });
        _secrets = TrunkSecretCipher.OpenOrCreate(CallerKeyPath);
        _routes = new RouteFeed(
            _redis, new RouteWaiter(mailboxes), _clock, log, RouteOptions(), _secrets);
        _routes.Start();
        _journals = OpenJournals(log);
        _shipper = new CallRecordShipper(_journals, _clickHouse, _redis);
        _schema = Task.Run(ApplySchemaAsync);
        _shipper.Start();
        _streams = StreamFactory.Make(options, _clock, _routes, _access, mailboxes, _spread, logger);
        _stir = OpenStir(mailboxes);
        StartWorkers(mailboxes, _streams, log);
        _streams.Start();
        _metrics = new NodeMetrics(_workers, _streams, _routes, _access.Bindings, () => _isDraining);
        _stirMetrics = new StirMetrics(_workers, _stir);
        _promptFolder = new PromptFolder(options.PromptFolder, _prompts, logger);
        _promptFolder.Start();
        _playerMetrics = new PlayerMetrics(_workers, _prompts, _promptFolder);
        _backendMetrics = new BackendMetrics(_journals, _shipper, _routes, _redis);
        var sessions = _workers.Sum(w => w.Media.SessionsMax);
        NodeLogMessages.Started(logger, options.NodeId, options.SipEndpoint.ToString(), _workers.Length, sessions);
    }

    /// <summary>Takes no new calls from now on; repeating it changes nothing.</summary>
    public void StartDrain()
    {
        if (_isDraining) return;
        _isDraining = true;
        NodeLogMessages.Draining(logger, ActiveCalls);
        Tell(WorkerMessageKind.Drain);
    }

    /// <summary>
    /// Waits until no call is up, or ends those that are left when the time is over or <paramref name="hurry"/>
    /// fires.
    /// </summary>
    public async Task DrainAsync(CancellationToken hurry)
    {
        StartDrain();
        var deadlineMs = _clock.NowMs + (options.DrainSecMax * 1000L);
        while (ActiveCalls > 0 && _clock.NowMs < deadlineMs && !hurry.IsCancellationRequested && !_hasFailed)
            await Task.Delay(50, CancellationToken.None);
        if (ActiveCalls > 0 && !_hasFailed) await EndCallsAsync();
        if (!_hasFailed) await UnregisterAsync();
    }

    private async Task EndCallsAsync()
    {
        NodeLogMessages.EndingCalls(logger, ActiveCalls);
        Tell(WorkerMessageKind.EndCalls);
        // BYE and final responses go out in the turn that reads the order; the answers are not waited for.
        await Task.Delay(300, CancellationToken.None);
    }

    // Carriers hear that no more calls can come here; one that does not answer is not waited for long.
    private async Task UnregisterAsync()
    {
        Tell(WorkerMessageKind.Unregister);
        var deadlineMs = _clock.NowMs + UnregisterMsMax;
        while (_workers.Any(w => w.Engine.Registrations.Length > 0) && _clock.NowMs < deadlineMs)
            await Task.Delay(20, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Tell(WorkerMessageKind.Stop);
        foreach (var thread in _threads) thread.Join();
        _streams?.Dispose();
        await _stopping.CancelAsync();
        await _schema;
        if (_shipper is not null) await _shipper.StopAsync(ShipMsMax);
        if (_trace is not null) await _trace.DisposeAsync();
        if (_recording is not null) await _recording.DisposeAsync();
        if (_routes is not null) await _routes.DisposeAsync();
        if (_bindings is not null) await _bindings.DisposeAsync();
        _secrets?.Dispose();
        if (_stir is not null) await _stir.DisposeAsync();
        foreach (var worker in _workers) worker.Dispose();
        _fastPath?.Dispose();
        _stirMetrics?.Dispose();
        _playerMetrics?.Dispose();
        _promptFolder?.Dispose();
        _backendMetrics?.Dispose();
        _metrics?.Dispose();
        _quality.Dispose();
        _journals?.Dispose();
        _redis?.Dispose();
        _http.Dispose();
        _stopping.Dispose();
        NodeLogMessages.Stopped(logger);
    }

    private JournalSet OpenJournals(BackendLog log)
    {
        var journal = new JournalOptions
        {
            Directory = Path.Combine(options.RunDirectory, "journal"),
            NodeId = options.NodeId,
        };
        return JournalSet.Open(journal, options.Workers, () => CallerCipher.OpenOrCreate(CallerKeyPath), _clock, log);
    }

    private StirService OpenStir(Mailbox[] mailboxes)
    {
        try
        {
            return new StirService(options.Stir, new StirOutlet(mailboxes), _clock);
        }
        catch (InvalidDataException e)
        {
            throw new OptionException(e.Message);
        }
    }

    private RouteFeedOptions RouteOptions() => new()
    {
        Dns = new DnsOptions
        {
            Servers = options.Dns,
            UsesIpv4 = options.SipEndpoint.IsIpv4 || !options.SecondSipEndpoint.IsUnspecified,
            UsesIpv6 = !options.SipEndpoint.IsIpv4 || !options.SecondSipEndpoint.IsUnspecified,
        },
    };

    private void StartWorkers(Mailbox[] mailboxes, StreamHub streams, BackendLog log)
    {
        _bindings = BindingKeeper.Start(_access.Bindings, options.RunDirectory, _clock, logger);
        _fastPath = FastPathStart.Open(options, logger);
        if (!AudioCodecs.IsConvertible(AudioCodec.Opus)) NodeLogMessages.OpusMissing(logger);
        var factory = new WorkerFactory(
            options, _clock, _journals!, streams, _stir!, _access, _fastPath, _quality, _prompts,
            new RingStart(options, logger), _spread)
        {
            Dtls = DtlsIdentity.TryMake(DateTimeOffset.FromUnixTimeMilliseconds(_clock.UnixMs)),
        };
        if (factory.Dtls is null) NodeLogMessages.DtlsMissing(logger);
        _workers = mailboxes.Select((mailbox, number) => factory.Make(number, mailbox, _routes!)).ToArray();
        if (_workers.Length > 1) Steer(_workers[0]);
        _trace = NodeTrace.Start(options, CallerKeyPath, factory.Rings, _clickHouse!, _redis!, _clock, log);
        _recording = NodeRecording.Start(
            options, CallerKeyPath, _workers, factory.NodeStart, _clickHouse!, _redis!, _clock, log);
        for (var i = 0; i < _workers.Length; i++)
        {
            var number = i;
            var thread = new Thread(() => RunWorker(number)) { Name = $"worker-{number}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    // The sockets of a port are one group; where the kernel takes no program, its hash goes on choosing.
    private void Steer(Worker any)
    {
        if (any.Steer() is var result and < 0) NodeLogMessages.NotSteered(logger, -result);
    }

    // A worker that fails leaves calls without an owner: better a restart, which closes them from the journal.
    private void RunWorker(int number)
    {
        try
        {
            _priority.Apply();
            _workers[number].Run(_workers);
        }
        catch (Exception exception)
        {
            _hasFailed = true;
            // Said before the end begins, which may be the end of the log as well.
            NodeLogMessages.WorkerFailed(logger, number, FailureText.Of(exception));
            _failure.TrySetResult();
        }
    }

    private void Tell(WorkerMessageKind kind)
    {
        foreach (var worker in _workers)
        {
            var patienceMs = 1000;
            while (!worker.Mailbox.TryPost(new WorkerMessage(kind)) && patienceMs-- > 0) Thread.Sleep(1);
        }
    }

    // The control plane applies the schema too; whichever comes first, and again when ClickHouse was away at start.
    private async Task ApplySchemaAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ClickHouseSchema.ApplyAsync(_clickHouse!, _stopping.Token);
                IsSchemaApplied = true;
                return;
            }
            catch (Exception exception) when (
                exception is ClickHouseException or HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(500, CancellationToken.None);
            }
        }
    }

    private void RaiseDescriptorLimit()
    {
        // RTP and RTCP sockets of the whole range on each address, connections, and room for everything else.
        var media = (options.RtpPortLast - options.RtpPortFirst + 1) * options.Transport.Binds.Count;
        var wanted = (ulong)(media + options.Transport.Streams.ConnectionsMax + 1024);
        var limit = FileLimit.Raise(wanted);
        if (limit < wanted) NodeLogMessages.FewDescriptors(logger, limit, wanted);
    }

    private static RedisOptions RedisOptionsOf(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address[(colon + 1)..], out var port)
            ? new RedisOptions { Host = address[..colon].Trim('[', ']'), Port = port }
            : throw new OptionException("CALLTRACKER_REDIS must be host:port.");
    }
}
