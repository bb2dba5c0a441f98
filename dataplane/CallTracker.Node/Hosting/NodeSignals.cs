using System.Runtime.InteropServices;

namespace CallTracker.Node.Hosting;

/// <summary>
/// SIGTERM and SIGINT: the first begins the drain, a second one ends the calls that are left. Owned by Program.
/// </summary>
internal sealed class NodeSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();

    public NodeSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];
    }

    /// <summary>Completes at the first signal, or at <see cref="Ask"/>.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Fires at the second signal.</summary>
    public CancellationToken Hurry => _hurry.Token;

    /// <summary>Begins the drain, as the first signal does.</summary>
    public void Ask() => _asked.TrySetResult();

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_asked.TrySetResult()) _hurry.Cancel();
    }
}
