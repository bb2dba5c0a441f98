using System.Runtime.CompilerServices;

namespace CallTracker.Calls.Identity;

/// <summary>The places of a <see cref="ForwardingChain"/>.</summary>
[InlineArray(ForwardingChain.StepsMax)]
internal struct ForwardingSteps
{
    private ForwardingStep _first;
}
