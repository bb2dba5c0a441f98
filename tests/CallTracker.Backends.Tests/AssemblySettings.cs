using Xunit;

// Tests kill servers and measure times; on a machine of two cores they run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
