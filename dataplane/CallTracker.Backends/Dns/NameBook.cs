using CallTracker.Core.Time;

namespace CallTracker.Backends.Dns;

/// <summary>
/// The names that trunks are given by, with their places: asked for in the background, again when their TTL is over,
/// the last good answer kept when DNS is away. Readers never wait. A task of its own; any thread reads.
/// </summary>
internal sealed class NameBook : IAsyncDisposable
{
    /// <summary>Names kept; more are not found.</summary>
    public const int NamesMax = 20_000;
    // TTLs are whole seconds (RFC 2181 section 8); a new name does not wait for the turn.
    private const int TurnMs = 1000;
    private readonly SipLocator _locator;
    private readonly DnsOptions _options;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly Action _onChanged;
    private readonly Lock _gate = new();
    private readonly Dictionary<SipName, NameEntry> _names = [];
    private readonly SemaphoreSlim _asks;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="locator">Finds the places of a name.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="clock">For the TTLs.</param>
    /// <param name="log">Told of names that cannot be found.</param>
    /// <param name="onChanged">Called when a name's places are others than before; on a thread of the pool.</param>
    public NameBook(SipLocator locator, DnsOptions options, IClock clock, IBackendLog log, Action onChanged)
    {
        (_locator, _options, _clock, _log, _onChanged) = (locator, options, clock, log, onChanged);
        _asks = new SemaphoreSlim(options.AsksMax);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>
    /// The places of a name as last known; null when none are known yet. From now on it is looked after.
    /// </summary>
    public LocatedName? Find(SipName name)
    {
        lock (_gate)
        {
            if (_names.TryGetValue(name, out var entry)) return entry.Known;
            if (_names.Count < NamesMax) _names.Add(name, new NameEntry { DueMs = _clock.NowMs });
        }
        Wake();
        return null;
    }

    /// <summary>Forgets all names but these.</summary>
    public void Retain(IReadOnlySet<SipName> wanted)
    {
        lock (_gate)
        {
            foreach (var name in _names.Keys.Where(n => !wanted.Contains(n)).ToList()) _names.Remove(name);
        }
    }

    /// <summary>True when each name was asked for at least once.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate) return _names.Values.All(e => e.WasAsked);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        // Asks under way hold the semaphore until they see the cancellation.
        for (var i = 0; i < _options.AsksMax; i++) await _asks.WaitAsync();
        _asks.Dispose();
        _wake.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                foreach (var name in TakeDue())
                {
                    await _asks.WaitAsync(_stop.Token);
                    _ = AskAsync(name);
                }
                await _wake.WaitAsync(TurnMs, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private List<SipName> TakeDue()
    {
        var due = new List<SipName>();
        lock (_gate)
        {
            foreach (var (name, entry) in _names)
            {
                if (entry.IsAsking || _clock.NowMs < entry.DueMs) continue;
                entry.IsAsking = true;
                due.Add(name);
            }
        }
        return due;
    }

    private async Task AskAsync(SipName name)
    {
        try
        {
            var located = await _locator.LocateAsync(name, _stop.Token);
            if (Keep(name, located)) _onChanged();
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        catch (Exception e)
        {
            // Nothing is expected here; the name must be asked for again whatever happened.
            _log.Report(BackendEvent.NameNotFound, $"{LogText.Clean(name.Host)}: {LogText.Clean(e.Message)}");
            Keep(name, null);
        }
        finally
        {
            _asks.Release();
        }
    }

    /// <summary>True when the places are others than before.</summary>
    private bool Keep(SipName name, LocatedName? located)
    {
        var isNews = false;
        lock (_gate)
        {
            if (!_names.TryGetValue(name, out var entry)) return false;
            (entry.IsAsking, entry.WasAsked) = (false, true);
            isNews = located is null && !entry.HasFailed;
            entry.HasFailed = located is null;
            var delaySec = located is null
                ? _options.RetrySec
                : Math.Clamp(located.TtlSec, _options.RefreshSecMin, _options.RefreshSecMax);
            entry.DueMs = _clock.NowMs + (delaySec * 1000L);
            var hasChanged = located is not null
                && (entry.Known is null || !entry.Known.Locations.SequenceEqual(located.Locations));
            if (located is not null) entry.Known = located;
            if (!isNews) return hasChanged;
        }
        _log.Report(BackendEvent.NameNotFound, $"{LogText.Clean(name.Host)} has no usable address now.");
        return false;
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was quicker.
        }
    }
}
