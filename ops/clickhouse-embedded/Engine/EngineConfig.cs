namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The engine's configuration, written into the data folder at each start. Sized for one machine that also runs calls:
/// small caches and pools, no system log tables (none is configured, so none is written). The engine would otherwise
/// pick up any config.xml of its working folder or of the user's home. fsync costs 5 ms an insert (measured) and is on
/// because the journal forgets what ClickHouse has confirmed.
/// </summary>
internal static class EngineConfig
{
    public const string FileName = "embedded-config.xml";

    public const string Text =
        """
        <clickhouse>
          <!-- Written by CallTracker.ClickHouseEmbedded at each start; changes made here are lost. -->
          <max_server_memory_usage>3221225472</max_server_memory_usage>
          <mark_cache_size>67108864</mark_cache_size>
          <index_mark_cache_size>16777216</index_mark_cache_size>
          <primary_index_cache_size>67108864</primary_index_cache_size>
          <uncompressed_cache_size>0</uncompressed_cache_size>
          <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
          <query_condition_cache_size>16777216</query_condition_cache_size>
          <mmap_cache_size>256</mmap_cache_size>
          <compiled_expression_cache_size>33554432</compiled_expression_cache_size>
          <background_pool_size>2</background_pool_size>
          <background_schedule_pool_size>8</background_schedule_pool_size>
          <max_thread_pool_size>1000</max_thread_pool_size>
          <max_thread_pool_free_size>16</max_thread_pool_free_size>
          <memory_worker_period_ms>1000</memory_worker_period_ms>
          <merge_tree>
            <fsync_after_insert>1</fsync_after_insert>
            <fsync_part_directory>1</fsync_part_directory>
          </merge_tree>
        </clickhouse>

        """;
}
