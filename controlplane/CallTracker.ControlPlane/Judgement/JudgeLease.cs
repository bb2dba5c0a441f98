using System.Security.Cryptography;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// The right to judge, which one process holds at a time: two judges would write the same change twice. Owned by the
/// judge service. A holder that stalls loses it; before each write it must be fresh enough for the write to end in
/// time.
/// </summary>
internal sealed class JudgeLease(RedisStore redis, TimeProvider clock)
{
    public const int LifeMs = 60_000;
    /// <summary>A write takes at most the client's time-out (30 s); the lease must outlast it.</summary>
    public const int AgeMsMax = 25_000;
    private static readonly string TakeScript = EmbeddedText.Read("judge_lease.lua");
    private static readonly string ReleaseScript = EmbeddedText.Read("judge_release.lua");
    private readonly string _holder = RandomNumberGenerator.GetHexString(16);
    private long _stamp;

    public bool IsHeld { get; private set; }

    /// <summary>True when the lease is young enough to write under it.</summary>
    public bool IsFresh => IsHeld && clock.GetElapsedTime(_stamp).TotalMilliseconds < AgeMsMax;

    /// <summary>Takes or renews it; false when another process judges.</summary>
    public async Task<bool> HoldAsync()
    {
        var stamp = clock.GetTimestamp();
        IsHeld = false;
        var answer = await redis.ScriptAsync(TakeScript, [StoreKeys.JudgeLease],
            [_holder, LifeMs.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        _stamp = stamp;
        return IsHeld = answer[0] == "1";
    }

    /// <summary>Gives it back, so that the next process need not wait for its end.</summary>
    public async Task ReleaseAsync()
    {
        if (!IsHeld) return;
        IsHeld = false;
        try
        {
            await redis.ScriptAsync(ReleaseScript, [StoreKeys.JudgeLease], [_holder]);
        }
        catch (StoreUnavailableException)
        {
            // It ends by itself.
        }
    }
}
