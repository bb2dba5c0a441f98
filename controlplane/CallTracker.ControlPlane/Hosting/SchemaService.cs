using CallTracker.Contracts.ClickHouse;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// Brings ClickHouse's schema up to this build, as soon as ClickHouse is there: the order in which the programs are
/// started does not matter. Runs until it has succeeded once.
/// </summary>
internal sealed class SchemaService(ClickHouseClient clickHouse, SchemaState state, ILogger<SchemaService> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isTold = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ClickHouseSchema.ApplyAsync(clickHouse, stoppingToken);
                state.SetApplied();
                log.SchemaApplied();
                return;
            }
            catch (ClickHouseException e)
            {
                if (!isTold) log.SchemaWaits(e.Message);
                isTold = true;
            }
            await Task.Delay(Pause, stoppingToken);
        }
    }
}
