using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Rules.Agents;
using Sam.Rules.Credentials;

namespace Sam.Operator.Controllers.Projects;

/// <summary>An agent's choice of credential as users see it.</summary>
internal static class ShownAgent
{
    /// <summary>The entry in status.</summary>
    public static AgentStatus Of(AgentKind agent, Func<string, Resolution> resolve)
    {
        var type = Enum.Parse<AgentType>(agent.Type);
        return AgentCatalogue.Choose(agent, resolve) switch
        {
            AgentChoice.Available(var consumer, var found) => new AgentStatus
            {
                Type = type,
                Available = true,
                Consumer = consumer,
                CredentialSource = ShownCredential.SourceOf(found.Layer),
            },
            AgentChoice.Unavailable(var consumer, var isHalted, var reason) => new AgentStatus
            {
                Type = type,
                Consumer = consumer,
                CredentialSource = isHalted ? CredentialSource.Halted : CredentialSource.Unresolved,
                Reason = reason,
            },
            var other => throw new InvalidOperationException($"Unhandled choice {other}"),
        };
    }
}
