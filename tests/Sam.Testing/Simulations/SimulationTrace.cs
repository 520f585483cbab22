namespace Sam.Testing.Simulations;

/// <summary>What a run was like: equal for equal runs.</summary>
/// <param name="Fingerprint">A hash over every choice and every move of the clock.</param>
/// <param name="Steps">How many pieces of work ran.</param>
/// <param name="Elapsed">How much virtual time passed.</param>
/// <param name="Notes">The lines that the test noted.</param>
public sealed record SimulationTrace(ulong Fingerprint, long Steps, TimeSpan Elapsed, IReadOnlyList<string> Notes);

/// <summary>A run failed, or broke the simulation's rules.</summary>
/// <param name="message">What happened, with the seed.</param>
/// <param name="innerException">The fault of the body.</param>
public sealed class SimulationException(string message, Exception? innerException = null) : Exception(message, innerException);
