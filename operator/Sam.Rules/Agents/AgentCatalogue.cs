using Sam.Rules.Credentials;

namespace Sam.Rules.Agents;

/// <summary>An AI agent, and what it can run on.</summary>
/// <param name="Type">Its name in the API.</param>
/// <param name="Consumers">Whose credentials it can run on, the best first.</param>
/// <param name="Forms">Which forms of credentials it takes.</param>
public sealed record AgentKind(string Type, IReadOnlyList<string> Consumers, IReadOnlyList<CredentialForm> Forms);

/// <summary>The one catalogue of agents: shown in status, used at admission, used by the run.</summary>
public static class AgentCatalogue
{
    /// <summary>All agents.</summary>
    public static readonly IReadOnlyList<AgentKind> All =
    [
        new("ClaudeCode", [Consumers.Anthropic], [CredentialForm.ApiKey, CredentialForm.OAuthToken]),
        new("Codex", [Consumers.OpenAI], [CredentialForm.ApiKey, CredentialForm.OpenAICompatible, CredentialForm.AuthJson]),
        new(
            "OpenCode",
            [Consumers.OpenCode, Consumers.Anthropic, Consumers.OpenAI, Consumers.Google],
            [CredentialForm.ApiKey, CredentialForm.OpenAICompatible]
        ),
        new("Gemini", [Consumers.Google], [CredentialForm.ApiKey]),
    ];

    /// <summary>
    /// Which credential an agent runs on: the first of its consumers that has one of its own, then the first that the platform pays.
    /// A halted consumer ends the search: what somebody forbade or broke is never passed by.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="resolve">The resolver.</param>
    public static AgentChoice Choose(AgentKind agent, Func<string, Resolution> resolve)
    {
        var answers = agent.Consumers.Select(consumer => (Consumer: consumer, Resolution: resolve(consumer))).ToList();
        AgentChoice? platform = null;
        AgentChoice? missing = null;
        foreach (var (consumer, resolution) in answers)
        {
            switch (resolution)
            {
                case Resolution.Halted halted:
                    return new AgentChoice.Unavailable(consumer, IsHalted: true, halted.Fault.ToString());
                case Resolution.Found found when !agent.Forms.Contains(found.Credential.Form):
                    missing ??= new AgentChoice.Unavailable(consumer, IsHalted: false, "KindNotSupported");
                    break;
                case Resolution.Found { Layer: CredentialLayer.Platform } found:
                    platform ??= new AgentChoice.Available(consumer, found);
                    break;
                case Resolution.Found found:
                    return new AgentChoice.Available(consumer, found);
                case Resolution.Unresolved unresolved:
                    missing ??= new AgentChoice.Unavailable(consumer, IsHalted: false, unresolved.Fault.ToString());
                    break;
            }
        }

        return platform ?? missing!;
    }
}

/// <summary>Which credential an agent runs on.</summary>
public abstract record AgentChoice
{
    private AgentChoice() { }

    /// <summary>This one.</summary>
    public sealed record Available(string Consumer, Resolution.Found Found) : AgentChoice;

    /// <summary>None.</summary>
    /// <param name="Consumer">The consumer that was asked first, or that halts.</param>
    /// <param name="IsHalted">Somebody forbade or broke it.</param>
    /// <param name="Reason">Why, in one word.</param>
    public sealed record Unavailable(string Consumer, bool IsHalted, string Reason) : AgentChoice;
}
