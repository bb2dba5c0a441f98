using CallTracker.Calls.Model;

namespace CallTracker.Calls.Identity;

/// <summary>
/// The forwardings a call has behind it, the oldest first, whichever header told of them. Bounded: when it is full, the
/// first (the number first called) and the latest stay, and what goes is counted with its successor. A value on the
/// stack of one step.
/// </summary>
internal struct ForwardingChain
{
    /// <summary>Steps kept and passed on.</summary>
    public const int StepsMax = 6;
    private const int HopsMax = 100;
    private ForwardingSteps _steps;

    public int Count { get; private set; }

    /// <summary>Forwardings in all, those counted by others included.</summary>
    public int Hops { get; private set; }

    public readonly ForwardingStep this[int index] => _steps[index];

    public void Add(in ForwardingStep step)
    {
        Hops = Math.Min(HopsMax, Hops + step.Count);
        if (Count == StepsMax) DropSecond();
        _steps[Count++] = step;
    }

    public readonly bool Contains(PhoneNumber number)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_steps[i].Number == number) return true;
        }
        return false;
    }

    private void DropSecond()
    {
        _steps[2].Count = (byte)Math.Min(HopsMax, _steps[1].Count + _steps[2].Count);
        for (var i = 2; i < Count; i++) _steps[i - 1] = _steps[i];
        Count--;
    }
}
