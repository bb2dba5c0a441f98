namespace CallTracker.Backends;

/// <summary>What the backends report. The values are event ids and never change.</summary>
public enum BackendEvent
{
    None = 0,
    JournalRecovered = 3001,
    JournalCorrupt = 3002,
    JournalFull = 3003,
    JournalWritable = 3004,
    JournalSyncFailed = 3005,
    JournalKeeperFailed = 3006,
    CheckpointUnreadable = 3010,
    InsertFailed = 3011,
    InsertRefused = 3012,
    InsertResumed = 3013,
    NumberingOffline = 3014,
    NumberingOnline = 3015,
    ShipperFailed = 3016,
    BatchFileCorrupt = 3017,
    RedisLost = 3020,
    RedisBack = 3021,
    RoutesReloaded = 3022,
    RouteMalformed = 3023,
    TrunkMalformed = 3024,
    RouteFeedFailed = 3025,
    NameNotFound = 3026,
    TraceFailed = 3030,
    RecordingFailed = 3040,
    RecordingResumed = 3041,
    RecordingRecovered = 3042,
    RecordingCorrupt = 3043,
}
