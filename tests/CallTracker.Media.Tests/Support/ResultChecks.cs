using CallTracker.Media.Sdp;

namespace CallTracker.Media.Tests.Support;

/// <summary>Checks that allocate nothing when they hold, for use inside an allocation measurement.</summary>
internal static class ResultChecks
{
    public static void ShouldBeOk(this SdpParseResult result)
    {
        if (result != SdpParseResult.Ok) throw new InvalidOperationException($"Not parsed: {result}.");
    }

    public static void ShouldBeOk(this SdpRewriteResult result)
    {
        if (result != SdpRewriteResult.Ok) throw new InvalidOperationException($"Not written: {result}.");
    }
}
