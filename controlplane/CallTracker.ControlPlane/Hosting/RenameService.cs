using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// Finishes, at start, the renaming of routes that an earlier process left behind. Ends when that is done.
/// </summary>
internal sealed class RenameService(RouteRenamer renamer, ILogger<RenameService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await renamer.FinishPendingAsync();
                return;
            }
            catch (StoreUnavailableException e)
            {
                log.RenamesWait(e.Message);
            }
            await Task.Delay(Pause, stoppingToken);
        }
    }
}
