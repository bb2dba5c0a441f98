using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Trunks;

/// <summary>
/// Chooses the trunk and the address for an attempt: longest prefix, then lowest priority number, then by weight; what
/// was tried for this destination, is down or at its limits is passed over. When all are down the best of them is tried
/// once: a probe that nobody answers does not prove that calls fail. Owned by one worker.
/// </summary>
/// <param name="engine">For the bindings of trunks that register with us; null where there are none.</param>
internal sealed class TrunkPicker(CallEngine? engine = null)
{
    private const int RefusedMax = 16;
    private readonly Trunk[] _refused = new Trunk[RefusedMax];
    private int _refusedCount;

    /// <summary>
    /// False when no trunk is left for this destination. True: a channel is taken, and the caller must see to it that
    /// it is given back.
    /// </summary>
    public bool TryPick(TrunkTable table, Call call, PhoneNumber destination, long nowMs, out TrunkChoice choice)
    {
        var trunks = table.OfOperator(call.Facts.Route!.OperatorId);
        if (TryPick(trunks, call, destination, nowMs, lastResort: false, out choice)) return true;
        var isFirst = call.Facts.AttemptCount == call.TargetFirstAttempt;
        return isFirst && TryPick(trunks, call, destination, nowMs, lastResort: true, out choice);
    }

    private bool TryPick(
        ReadOnlySpan<Trunk> trunks, Call call, PhoneNumber destination, long nowMs, bool lastResort,
        out TrunkChoice choice)
    {
        _refusedCount = 0;
        while (_refusedCount < RefusedMax)
        {
            var (trunk, endpoint) = FindBest(trunks, call, destination, nowMs, lastResort);
            if (trunk is null || endpoint is null) break;
            choice = new TrunkChoice(trunk, endpoint, lastResort);
            if (trunk.Load.TryEnter(trunk, outbound: true, nowMs))
            {
                if (endpoint.Health.IsDown) endpoint.Health.StartTrial(nowMs);
                return true;
            }
            call.DialReason = EndReason.Capacity;
            _refused[_refusedCount++] = trunk;
        }
        choice = default;
        return false;
    }

    // Health and bindings change under us, told by other workers: an address is asked for once, never again.
    private (Trunk?, TrunkEndpoint?) FindBest(
        ReadOnlySpan<Trunk> trunks, Call call, PhoneNumber destination, long nowMs, bool lastResort)
    {
        var token = TrunkDraw.TokenOf(call.Facts.TrnId);
        Trunk? best = null;
        TrunkEndpoint? at = null;
        var (bestLength, bestDraw) = (-1, 0d);
        foreach (var trunk in trunks)
        {
            var length = TrunkTable.LongestPrefix(trunk, destination);
            if (length < 0 || length < bestLength || IsRefused(trunk)) continue;
            if (length == bestLength && trunk.Priority > best!.Priority) continue;
            if (BestEndpoint(trunk, call, nowMs, lastResort) is not { } endpoint) continue;
            var draw = TrunkDraw.Of(token, TrunkDraw.MarkOf(trunk.Id), trunk.Weight);
            if (length == bestLength && trunk.Priority == best!.Priority && draw >= bestDraw) continue;
            (best, at, bestLength, bestDraw) = (trunk, endpoint, length, draw);
        }
        return (best, at);
    }

    private TrunkEndpoint? BestEndpoint(Trunk trunk, Call call, long nowMs, bool lastResort)
    {
        if (trunk.AcceptsRegistration) return RegisteredEndpoint(trunk, call);
        var token = TrunkDraw.TokenOf(call.Facts.TrnId);
        TrunkEndpoint? best = null;
        var bestDraw = 0d;
        foreach (var endpoint in trunk.Endpoints)
        {
            if (!lastResort && !IsUsable(trunk, endpoint, nowMs)) continue;
            if (WasTried(call, endpoint) || (best is not null && endpoint.Priority > best.Priority)) continue;
            var draw = TrunkDraw.Of(token, endpoint.Mark, endpoint.Weight);
            if (best is not null && endpoint.Priority == best.Priority && draw >= bestDraw) continue;
            (best, bestDraw) = (endpoint, draw);
        }
        return best;
    }

    // A trunk that registers with us is where it registered from, or nowhere.
    private TrunkEndpoint? RegisteredEndpoint(Trunk trunk, Call call)
    {
        if (engine is null) return null;
        var binding = engine.Access.Shared.Bindings.FindForCall(trunk.Id, engine.Turn.UnixMs);
        return binding is null || WasTried(call, binding.Endpoint) ? null : binding.Endpoint;
    }

    // Probes bring back what is down; without them now and then a call has to find out.
    private static bool IsUsable(Trunk trunk, TrunkEndpoint endpoint, long nowMs) =>
        !endpoint.Health.IsDown || (trunk.ProbeSec == 0 && endpoint.Health.IsTrialDue(nowMs));

    private static bool WasTried(Call call, TrunkEndpoint endpoint)
    {
        foreach (ref readonly var attempt in call.Facts.Attempts[call.TargetFirstAttempt..])
        {
            if (attempt.Endpoint is { } tried && tried.Is(endpoint)) return true;
        }
        return false;
    }

    private bool IsRefused(Trunk trunk) => _refused.AsSpan(0, _refusedCount).IndexOf(trunk) >= 0;
}
