using Sam.Crds.V1Alpha1;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>What an app's conditions add up to.</summary>
internal sealed class ComposeAppConditionSet : IConditionSet<ComposeApp>
{
    public IReadOnlyList<ConditionType> All => ComposeAppConditions.All;

    public IReadOnlyList<ConditionType> ForReady => ComposeAppConditions.ForReady;

    public void Derive(ComposeApp entity) => entity.Status.Url = entity.Status.Routes.FirstOrDefault()?.Url;
}
