using ApiSvc.AiAdapter;
using ApiSvc.AiAdapter.Mcp;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("aidb");

// Without Redis budgets go on within their shares: the adapter is as ready as with it.
builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true);
builder.AddAiConfiguration();
builder.AddBudgets();
builder.AddServing();
builder.AddUsageRecords("kafka");
builder.AddMcp();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAiManagement();
app.MapServing();
app.MapMcp();
return await app.RunServiceAsync(args);
