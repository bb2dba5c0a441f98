namespace CallTracker.Sip.Parsing;

/// <summary>
/// The header values of one message in their order, with a chain per kind, so that the n-th Route is found without a
/// scan. Fixed capacity; owned by its <see cref="SipMessage"/>.
/// </summary>
internal sealed class SipHeaderTable
{
    private readonly SipHeaderEntry[] _entries = new SipHeaderEntry[SipMessage.HeaderCountMax];
    private readonly Chain[] _chains = new Chain[SipHeaderNames.KindCount];

    public int Count { get; private set; }

    public ref readonly SipHeaderEntry this[int index] => ref _entries[index];

    public void Clear()
    {
        Count = 0;
        Array.Clear(_chains);
    }

    public int CountOf(SipHeaderKind kind) => _chains[(int)kind].Count;

    /// <summary>False when the table is full.</summary>
    public bool TryAdd(SipHeaderKind kind, SipRange name, SipRange value)
    {
        if (Count == _entries.Length) return false;
        ref var entry = ref _entries[Count++];
        entry.Kind = kind;
        entry.Next = 0;
        entry.Name = name;
        entry.Value = value;
        ref var chain = ref _chains[(int)kind];
        if (chain.Count++ == 0) chain.First = (byte)Count;
        else _entries[chain.Last - 1].Next = (byte)Count;
        chain.Last = (byte)Count;
        return true;
    }

    /// <summary>The table index of the <paramref name="nth"/> value of a kind, or -1.</summary>
    public int Find(SipHeaderKind kind, int nth)
    {
        if ((uint)nth >= _chains[(int)kind].Count) return -1;
        int at = _chains[(int)kind].First;
        while (nth-- > 0) at = _entries[at - 1].Next;
        return at - 1;
    }

    private struct Chain
    {
        public byte Count;
        public byte First;
        public byte Last;
    }
}
