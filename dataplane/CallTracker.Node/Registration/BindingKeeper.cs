using System.Net;
using System.Text;
using System.Text.Json;
using CallTracker.Calls.Registration;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Node.Hosting;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Registration;

/// <summary>
/// Writes the bindings of phones and PBXs to a file in the run folder, every few seconds while they change and at the
/// end, so that calls reach them right after a restart. A binding belongs to the node whose address the phone's NAT let
/// in, so it is of no use to others and need not go to Redis. A lost file costs one refresh. Owned by the node's host;
/// runs on the thread pool.
/// </summary>
internal sealed class BindingKeeper : IAsyncDisposable
{
    private const int IntervalMs = 2_000;
    private readonly BindingRegistry _registry;
    private readonly string _path;
    private readonly IClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private long _written;

    private BindingKeeper(BindingRegistry registry, string path, IClock clock, ILogger logger)
    {
        (_registry, _path, _clock, _logger) = (registry, path, clock, logger);
        _written = registry.Changes;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Reads what an earlier run left, then keeps it up to date.</summary>
    public static BindingKeeper Start(BindingRegistry registry, string directory, IClock clock, ILogger logger)
    {
        var path = Path.Combine(directory, "registrations.json");
        registry.Restore(Read(path, logger), clock.UnixMs);
        return new BindingKeeper(registry, path, clock, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        do
        {
            await Task.Delay(IntervalMs, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _registry.Sweep(_clock.UnixMs);
            if (_registry.Changes != _written) TryWrite();
        }
        while (!_stopping.IsCancellationRequested);
    }

    private void TryWrite()
    {
        var changes = _registry.Changes;
        try
        {
            var records = _registry.Snapshot().Where(IsKept).Select(ToRecord).ToList();
            var temporary = _path + ".new";
            var json = JsonSerializer.SerializeToUtf8Bytes(records, NodeJson.Default.ListBindingRecord);
            File.WriteAllBytes(temporary, json);
            File.Move(temporary, _path, overwrite: true);
            _written = changes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NodeLogMessages.BindingsNotKept(_logger, exception.GetType().Name);
        }
    }

    // A connection ends with the process; its phone registers anew.
    private static bool IsKept(Binding binding) => binding.Flow.Kind == SipTransportKind.Udp;

    private static IEnumerable<Binding> Read(string path, ILogger logger)
    {
        try
        {
            if (!File.Exists(path)) return [];
            var records = JsonSerializer.Deserialize(File.ReadAllBytes(path), NodeJson.Default.ListBindingRecord);
            return [.. (records ?? []).Select(ToBinding).OfType<Binding>()];
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or JsonException)
        {
            NodeLogMessages.BindingsNotKept(logger, exception.GetType().Name);
            return [];
        }
    }

    private static BindingRecord ToRecord(Binding binding) => new()
    {
        TrunkId = binding.TrunkId,
        Contact = Encoding.UTF8.GetString(binding.Contact),
        CallId = Encoding.UTF8.GetString(binding.CallId),
        Address = AddressOf(binding.Flow.Remote),
        Port = binding.Flow.Remote.Port,
        CSeq = binding.CSeq,
        ExpiresUnixMs = binding.ExpiresUnixMs,
    };

    // The file is ours, but a hand may have been in it: what makes no sense is left out.
    private static Binding? ToBinding(BindingRecord? record)
    {
        if (record is not { TrunkId: not null, Contact: not null, CallId: not null }) return null;
        var contact = Encoding.UTF8.GetBytes(record.Contact);
        if (!IPAddress.TryParse(record.Address, out var address) || record.Port is < 1 or > 65535) return null;
        if (!SipUriView.TryParse(contact, out _)) return null;
        return new Binding
        {
            TrunkId = record.TrunkId,
            Contact = contact,
            CallId = Encoding.UTF8.GetBytes(record.CallId),
            Flow = new SipFlow(SipTransportKind.Udp, 0, 0, IpEndpoint.From(address, record.Port)),
            CSeq = record.CSeq,
            ExpiresUnixMs = record.ExpiresUnixMs,
        };
    }

    private static string AddressOf(in IpEndpoint endpoint)
    {
        Span<byte> text = stackalloc byte[IpEndpoint.TextLengthMax];
        return Encoding.ASCII.GetString(text[..endpoint.FormatAddress(text)]);
    }
}
