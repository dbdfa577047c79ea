using ApiSvc.AiAdapter;
using ApiSvc.AiAdapter.Money;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("aidb");
builder.AddRedisClient("redis");
builder.AddAiConfiguration();
builder.AddBudgets();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAiManagement();
return await app.RunServiceAsync(args);
