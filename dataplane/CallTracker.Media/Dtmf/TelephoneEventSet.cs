using System.Runtime.InteropServices;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// The telephone-event formats of one description: payload types and their clocks, in its order, four at most (8, 16,
/// 32 and 48 kHz). A plain value.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TelephoneEventSet
{
    /// <summary>More than any audio codec has clocks; what comes beyond is not taken.</summary>
    public const int CountMax = 4;
    private const int TypeShift = 24;
    private const uint ClockMask = (1u << TypeShift) - 1;
    // Type + 1 above, clock below; 0 is an empty place.
    private readonly uint _first;
    private readonly uint _second;
    private readonly uint _third;
    private readonly uint _fourth;

    private TelephoneEventSet(uint first, uint second, uint third, uint fourth) =>
        (_first, _second, _third, _fourth) = (first, second, third, fourth);

    public int Count => _first == 0 ? 0 : _second == 0 ? 1 : _third == 0 ? 2 : _fourth == 0 ? 3 : CountMax;

    /// <summary>The payload type in a place below <see cref="Count"/>.</summary>
    public byte TypeAt(int index) => (byte)((At(index) >> TypeShift) - 1);

    public int ClockHzAt(int index) => (int)(At(index) & ClockMask);

    /// <summary>The same with one more; unchanged when it is full or has the type.</summary>
    public TelephoneEventSet With(byte payloadType, int clockHz)
    {
        if (clockHz is <= 0 or > (int)ClockMask || TryFindClock(payloadType, out _)) return this;
        var entry = ((payloadType + 1u) << TypeShift) | (uint)clockHz;
        return Count switch
        {
            0 => new(entry, 0, 0, 0),
            1 => new(_first, entry, 0, 0),
            2 => new(_first, _second, entry, 0),
            3 => new(_first, _second, _third, entry),
            _ => this,
        };
    }

    /// <summary>The same with all of another set that there is room for.</summary>
    public TelephoneEventSet With(in TelephoneEventSet others)
    {
        var sum = this;
        for (var i = 0; i < others.Count; i++) sum = sum.With(others.TypeAt(i), others.ClockHzAt(i));
        return sum;
    }

    /// <summary>The clock of a payload type; false when the type is not in the set.</summary>
    public bool TryFindClock(byte payloadType, out int clockHz)
    {
        for (var i = 0; i < Count; i++)
        {
            clockHz = ClockHzAt(i);
            if (TypeAt(i) == payloadType) return true;
        }
        clockHz = 0;
        return false;
    }

    /// <summary>The place of the format to use beside audio of this clock: the one of the same clock (RFC 4733 section
    /// 2.1 has no other), else the first; -1 when the set is empty.</summary>
    public int Choose(int clockHz)
    {
        for (var i = 0; i < Count; i++)
        {
            if (ClockHzAt(i) == clockHz) return i;
        }
        return Count > 0 ? 0 : -1;
    }

    private uint At(int index) => index switch
    {
        0 => _first,
        1 => _second,
        2 => _third,
        _ => _fourth,
    };
}
