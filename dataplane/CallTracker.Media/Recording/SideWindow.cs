using CallTracker.Media.Codecs;

namespace CallTracker.Media.Recording;

/// <summary>
/// The last seconds of one side on the recording's clock: μ-law samples and what each millisecond is made of. Written
/// at any place inside, taken from its start. Reused for recording after recording. The writer's thread.
/// </summary>
internal sealed class SideWindow
{
    /// <summary>μ-law silence.</summary>
    public const byte Silence = 0xff;
    public const int SamplesPerMs = 8;
    /// <summary>
    /// A second that is taken half a second after its end, what comes half a second ahead, the longest packet, and
    /// room.
    /// </summary>
    public const int LengthMs = 4000;
    private static readonly byte[] MuLawOfALaw = MakeTable();
    private readonly byte[] _samples = GC.AllocateUninitializedArray<byte>(LengthMs * SamplesPerMs);
    private readonly SoundKind[] _kinds = new SoundKind[LengthMs];

    /// <summary>Everything before is taken.</summary>
    public long StartMs { get; private set; }

    public void Reset()
    {
        StartMs = 0;
        Array.Clear(_kinds);
    }

    /// <summary>Writes sound; what lies before or behind the window is left out.</summary>
    /// <param name="position">Of the first sample, on the recording's clock.</param>
    /// <param name="codes">G.711.</param>
    /// <param name="isALaw">Of which law.</param>
    /// <returns>Milliseconds that came too late.</returns>
    public int Write(long position, ReadOnlySpan<byte> codes, bool isALaw)
    {
        var start = StartMs * SamplesPerMs;
        var late = (int)Math.Clamp(start - position, 0, codes.Length);
        position += late;
        codes = codes[late..];
        var room = start + (LengthMs * SamplesPerMs) - position;
        if (codes.Length > room) codes = codes[..(int)Math.Max(0, room)];
        for (var i = 0; i < codes.Length; i++)
            _samples[(int)((position + i) % _samples.Length)] = isALaw ? MuLawOfALaw[codes[i]] : codes[i];
        if (!codes.IsEmpty) MarkAll(position / SamplesPerMs, (position + codes.Length - 1) / SamplesPerMs);
        return (late + SamplesPerMs - 1) / SamplesPerMs;
    }

    /// <summary>Says what the milliseconds of a stretch are in which nothing was received.</summary>
    public void Mark(long fromMs, long toMs, SoundKind kind)
    {
        fromMs = Math.Max(fromMs, StartMs);
        toMs = Math.Min(toMs, StartMs + LengthMs);
        for (var ms = fromMs; ms < toMs; ms++)
        {
            ref var present = ref _kinds[(int)(ms % LengthMs)];
            if (present != SoundKind.Received) present = kind;
        }
    }

    /// <summary>
    /// Takes the oldest milliseconds: their samples, silence where there are none, and their account.
    /// </summary>
    public SecondAccount Take(int lengthMs, Span<byte> samples)
    {
        var account = default(SecondAccount);
        for (var i = 0; i < lengthMs; i++)
        {
            var at = (int)((StartMs + i) % LengthMs);
            var place = samples.Slice(i * SamplesPerMs, SamplesPerMs);
            Count(ref account, _kinds[at]);
            if (_kinds[at] == SoundKind.Received) _samples.AsSpan(at * SamplesPerMs, SamplesPerMs).CopyTo(place);
            else place.Fill(Silence);
            _kinds[at] = SoundKind.Idle;
        }
        StartMs += lengthMs;
        return account;
    }

    private static void Count(ref SecondAccount account, SoundKind kind)
    {
        switch (kind)
        {
            case SoundKind.Received: account.Received++; break;
            case SoundKind.Lost: account.Lost++; break;
            case SoundKind.Overflow: account.Overflow++; break;
            case SoundKind.Unrecordable: account.Unrecordable++; break;
            default: account.Idle++; break;
        }
    }

    // A millisecond of which only a part is written holds silence in the rest.
    private void MarkAll(long firstMs, long lastMs)
    {
        for (var ms = firstMs; ms <= lastMs; ms++) _kinds[(int)(ms % LengthMs)] = SoundKind.Received;
    }

    private static byte[] MakeTable()
    {
        var table = new byte[256];
        for (var code = 0; code < table.Length; code++) table[code] = G711.ToMuLaw(G711.FromALaw((byte)code));
        return table;
    }
}
