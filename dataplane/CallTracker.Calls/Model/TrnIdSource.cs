namespace CallTracker.Calls.Model;

/// <summary>
/// Makes 処理ID: 24 hex digits of seconds (8), node start (8, random), worker (2) and a counter (6). Unique as long as
/// no two node starts draw the same 32 bits in the same second and a worker takes under 16 million calls a second.
/// </summary>
/// <param name="nodeStart">Random bits drawn once per node start.</param>
/// <param name="worker">The worker that owns this source.</param>
public sealed class TrnIdSource(uint nodeStart, byte worker)
{
    private uint _counter;

    public void Next(long unixMs, Span<byte> destination)
    {
        HexText.Write((ulong)(unixMs / 1000), destination[..8]);
        HexText.Write(nodeStart, destination.Slice(8, 8));
        HexText.Write(worker, destination.Slice(16, 2));
        HexText.Write(_counter++, destination.Slice(18, 6));
    }
}
