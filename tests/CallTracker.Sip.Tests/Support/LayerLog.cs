using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>What a layer under test sent and told, with the time. Owned by a <see cref="LayerRig"/>.</summary>
internal sealed class LayerLog(Func<long> nowMs)
{
    public List<(long AtMs, SipFlow Flow, string Text)> Sent { get; } = [];

    public List<string> Told { get; } = [];

    public List<TransactionHandle> Handles { get; } = [];

    /// <summary>The transport refuses while this is set.</summary>
    public bool IsBroken { get; set; }

    /// <summary>No connection can be had while this is set.</summary>
    public bool RefusesReliable { get; set; }

    /// <summary>Called with each new server transaction and its request.</summary>
    public Action<TransactionHandle, string>? OnRequest { get; set; }

    public long NowMs => nowMs();

    public void Tell(string what, TransactionHandle handle)
    {
        Told.Add(what);
        Handles.Add(handle);
    }
}
