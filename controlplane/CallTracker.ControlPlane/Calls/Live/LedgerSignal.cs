namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>
/// Tells the stream that the judge of this process has written to the ledger. Set and awaited by any thread.
/// </summary>
internal sealed class LedgerSignal
{
    private volatile TaskCompletionSource _next = New();

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Ends at the next signal or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan timeMax, CancellationToken ct)
    {
        try
        {
            await _next.Task.WaitAsync(timeMax, ct);
        }
        catch (TimeoutException)
        {
            // Another process may be the judge: the caller looks anyway.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
