namespace CallTracker.Node.Hosting;

/// <summary>
/// Leaves signals to <see cref="NodeSignals"/>: the web server must go on answering while the node drains.
/// </summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
