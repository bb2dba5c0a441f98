namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// Whether the ClickHouse schema of this build is in place. Set once by the schema service, read anywhere.
/// </summary>
internal sealed class SchemaState
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsApplied => _applied.Task.IsCompleted;

    public void SetApplied() => _applied.TrySetResult();

    /// <summary>Waits until ClickHouse can be asked for the tables of this build.</summary>
    public Task WaitAsync(CancellationToken ct) => _applied.Task.WaitAsync(ct);
}
