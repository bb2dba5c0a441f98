namespace CallTracker.Simulation.Tests.World;

/// <summary>A seed found something wrong; the message says what. The test adds the seed and its ladder.</summary>
public sealed class SimulationException(string message) : Exception(message);
