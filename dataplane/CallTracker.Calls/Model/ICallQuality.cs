namespace CallTracker.Calls.Model;

/// <summary>Hears of the media of answered calls when they end. Any worker calls it; it must neither wait nor
/// allocate.</summary>
public interface ICallQuality
{
    /// <summary>An answered call ended; its media figures are in the facts.</summary>
    void Ended(CallFacts facts);
}
