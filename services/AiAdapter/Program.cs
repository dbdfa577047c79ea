using ApiSvc.AiAdapter;
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

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAiManagement();
app.MapServing();
return await app.RunServiceAsync(args);
