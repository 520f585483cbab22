using Sam.Crds.V1Alpha1;
using Sam.Rules.Agents;
using Sam.Rules.Credentials;

namespace Sam.Unit.Tests.Agents;

/// <summary>On which credential an agent runs: its own, then another's, then the platform's; and never past what somebody halted.</summary>
public sealed class AgentCatalogueTests
{
    private static readonly AgentKind OpenCode = AgentCatalogue.All.Single(agent => agent.Type == "OpenCode");

    [Fact]
    public void Every_agent_of_the_API_is_in_the_catalogue_once()
    {
        Assert.Equal(Enum.GetNames<AgentType>().Order(), AgentCatalogue.All.Select(agent => agent.Type).Order());
        Assert.All(
            AgentCatalogue.All,
            agent => Assert.All(agent.Consumers, consumer => Assert.Contains(consumer, Consumers.Known))
        );
    }

    [Fact]
    public void The_first_consumer_with_a_credential_of_its_own_is_taken()
    {
        var available = Available(("anthropic", Own()), ("google", Own()));

        Assert.Equal("anthropic", available.Consumer);
    }

    [Fact]
    public void A_users_own_for_a_later_consumer_comes_before_the_platforms_for_an_earlier_one()
    {
        var available = Available(("opencode", Platform()), ("google", Own()));

        Assert.Equal(("google", CredentialLayer.Project), (available.Consumer, available.Found.Layer));
    }

    [Fact]
    public void The_platforms_is_taken_where_nothing_else_is()
    {
        Assert.Equal("openai", Available(("openai", Platform()), ("google", Platform())).Consumer);
    }

    [Fact]
    public void A_halted_consumer_ends_the_search()
    {
        var unavailable = Assert.IsType<AgentChoice.Unavailable>(
            Choose(
                OpenCode,
                ("anthropic", new Resolution.Halted(CredentialLayer.Project, "s", CredentialFault.CredentialInactive, "")),
                ("google", Own())
            )
        );

        Assert.Equal(("anthropic", true, "CredentialInactive"), (unavailable.Consumer, unavailable.IsHalted, unavailable.Reason));
    }

    [Fact]
    public void Nothing_at_all_is_said_as_it_is()
    {
        Assert.Equal(new AgentChoice.Unavailable("opencode", IsHalted: false, "NotConfigured"), Choose(OpenCode));
    }

    [Fact]
    public void A_form_that_the_agent_does_not_take_is_none()
    {
        var file = new Resolution.Found(CredentialLayer.Project, "s", "k", new Credential(CredentialForm.AuthJson, "{}"));

        Assert.Equal(
            new AgentChoice.Unavailable("google", IsHalted: false, "KindNotSupported"),
            Choose(AgentCatalogue.All.Single(agent => agent.Type == "Gemini"), ("google", file))
        );
    }

    private static AgentChoice.Available Available(params (string Consumer, Resolution Resolution)[] known) =>
        Assert.IsType<AgentChoice.Available>(Choose(OpenCode, known));

    private static AgentChoice Choose(AgentKind agent, params (string Consumer, Resolution Resolution)[] known) =>
        AgentCatalogue.Choose(
            agent,
            consumer =>
                known.FirstOrDefault(pair => pair.Consumer == consumer).Resolution
                ?? new Resolution.Unresolved(CredentialFault.NotConfigured, "")
        );

    private static Resolution.Found Own() => new(CredentialLayer.Project, "s", "k", new Credential(CredentialForm.ApiKey, "own"));

    private static Resolution.Found Platform() =>
        new(CredentialLayer.Platform, "s", "k", new Credential(CredentialForm.ApiKey, "platform"));
}
