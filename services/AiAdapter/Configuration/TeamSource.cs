using ApiSvc.AiAdapter.Aliases;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.OwnModels;
using ApiSvc.AiAdapter.ProviderKeys;
using ApiSvc.AiAdapter.VirtualModels;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>All rows of a team, as of one moment.</summary>
internal sealed record TeamSource(
    Guid TeamId,
    ILookup<Guid, ProviderKeyRow> Keys,
    IReadOnlyDictionary<Guid, ConnectionRow> Connections,
    IReadOnlyList<OwnModelRow> OwnModels,
    IReadOnlyList<VirtualModelRow> VirtualModels,
    ILookup<Guid, AliasRow> Names,
    IReadOnlyList<BudgetRow> Budgets
);
