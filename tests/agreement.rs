//! wip
mod reference;
#[test]
fn x() {
    let _ = reference::reference_plan(&workos_to_authio::workos::Bundle::new(), &workos_to_authio::PlanOptions::new());
}
